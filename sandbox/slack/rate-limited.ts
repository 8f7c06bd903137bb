/** Too many calls: HTTP 429 with Retry-After in whole seconds. */
export class RateLimited extends Error {
  readonly retryAfterS: number;

  constructor(retryAfterS: number) {
    super(`The simulated Slack limits the rate: retry after ${retryAfterS} s`);
    this.name = 'RateLimited';
    this.retryAfterS = retryAfterS;
  }
}
