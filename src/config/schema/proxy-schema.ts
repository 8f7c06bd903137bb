import * as z from 'zod';
import { ProxyAddress } from '../../domain/network/proxy-address.ts';
import { list, localPath, text } from './values.ts';

export const proxyExpected = 'the address of an HTTP proxy, such as http://proxy.example.com:3128';

const file = z.strictObject({ file: localPath('the path of a file that holds the address') });

const url = z.union([z.string(), file], { error: proxyExpected }).transform((value, context) => {
  const address = typeof value === 'string' ? ProxyAddress.parse(value) : undefined;
  if (address) return address;
  context.addIssue({ code: 'custom', message: proxyExpected });
  return z.NEVER;
});

const hostForm = text('hosts, domains, addresses and networks, separated by commas', /^\P{C}*$/u, 8192);
const noProxy = z.union([hostForm, list(hostForm, 'a list of hosts')], {
  error: 'a list of hosts, domains and networks',
});

/** `none`: everything is reached directly, whatever the environment says. */
export const proxySchema = z.union(
  [
    z.strictObject({
      url: url.describe('Address of the proxy (http:// or https://); with user and password it is a secret'),
      noProxy: noProxy
        .describe(
          'What is reached directly: host, domain (with all below it), .domain (only what is below it), address, network (10.0.0.0/8), any of them with :port, or *',
        )
        .default([]),
    }),
    z.literal('none'),
  ],
  { error: 'url: ADDRESS and noProxy: [HOST], or none' },
);

export type ProxyEntry = z.output<typeof proxySchema>;
