/** As manifest.yml registers it. */
export const slashCommand = '/etcd-backup';
