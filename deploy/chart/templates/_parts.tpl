{{/* Does the bot run here? */}}
{{- define "bot" -}}{{- if ne .Values.role "managed" }}yes{{ end -}}{{- end -}}
{{/* Is this cluster backed up? */}}
{{- define "access" -}}{{- if ne .Values.role "hub" }}yes{{ end -}}{{- end -}}
{{- define "image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- define "namespace" -}}
apiVersion: v1
kind: Namespace
metadata:
  name: {{ .name }}
  labels:
    app.kubernetes.io/part-of: slack-etcd-backup
    {{- with .labels }}{{ toYaml . | nindent 4 }}{{ end }}
    pod-security.kubernetes.io/enforce: {{ .level }}
    pod-security.kubernetes.io/warn: {{ .level }}
    pod-security.kubernetes.io/audit: {{ .level }}
  annotations:
    # Uninstalling takes neither the records nor this release's own storage away.
    helm.sh/resource-policy: keep
    {{- with .annotations }}{{ toYaml . | nindent 4 }}{{ end }}
{{- end -}}
