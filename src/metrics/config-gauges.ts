import { Gauge, type Registry } from 'prom-client';
import type { ConfigStatus } from '../workflow/ports/configuration.ts';

/** Whether what runs is what the files of the configuration say, under the names that the field uses. */
export function configGauges(registry: Registry, status: () => ConfigStatus): { set(): void } {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const successful = gauge(
    'etcd_backup_config_last_reload_successful',
    'Whether the files of the configuration were read without a mistake: 1 yes, 0 no; then the one before runs.',
  );
  const readAt = gauge(
    'etcd_backup_config_last_reload_success_timestamp_seconds',
    'When the configuration that runs was read.',
  );
  const restart = gauge(
    'etcd_backup_config_restart_needed',
    'Whether a change in the main file takes effect only at the next start: 1 yes, 0 no.',
  );
  return {
    set() {
      const now = status();
      successful.set(now.mistakes.length === 0 ? 1 : 0);
      readAt.set(now.readAt / 1_000);
      restart.set(now.atNextStart.length > 0 ? 1 : 0);
    },
  };
}
