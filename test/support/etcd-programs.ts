export { etcd35, etcd35Dir, etcd35Name } from '../../sandbox/etcd-3.5.ts';
