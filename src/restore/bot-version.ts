import packageJson from '../../package.json' with { type: 'json' };

/** Of the program that writes RESTORE.md. */
export const botVersion: string = packageJson.version;
