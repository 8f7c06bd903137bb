/** How one thing that the bot connects to is reached. Holds no user or password. */
export interface NetworkWay {
  readonly to:
    | { readonly kind: 'slack' }
    | { readonly kind: 'destination'; readonly name: string }
    | { readonly kind: 'cluster'; readonly name: string };
  /** `slack.com`, or `api.example.com:6443` where the port is not the usual one. */
  readonly host: string;
  /** Undefined: directly. */
  readonly proxy:
    | { readonly address: string; readonly by: 'file' | 'environment' | 'kubeconfig' }
    | undefined;
}
