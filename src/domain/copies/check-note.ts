/**
 * What works at a destination, but less well than it could. `no-conditional-write`: the server does not take If-None-Match, so
 * that only a look just before guards an existing key. `no-test-write`: a lock would have kept the test object, so none was
 * written. `test-object-stays`: the credentials may not remove it; it is one, and small. `uploads-unseen`: the credentials may
 * not list or end unfinished uploads.
 */
export type CheckNote = 'no-conditional-write' | 'no-test-write' | 'test-object-stays' | 'uploads-unseen';
