import { ENDPOINTS } from './endpoints/all.ts'

/** `docs/reference/http.md`, without its last line end: what holds for all endpoints, and their list. Fields stand in openapi.json. */
export const httpMarkdown = (): string =>
  [
    '# The HTTP API',
    '',
    'Generated from `src/http` by `scripts/generate-openapi.ts`; do not edit. Every field is in [openapi.json](openapi.json), which a running service',
    'serves at `/openapi.json` and shows at `/docs`; every error is in [errors.md](errors.md). The first order, step by step: [guides/http.md](../guides/http.md).',
    '',
    '| request | what it does | scope of the key | answers |',
    '| --- | --- | --- | --- |',
    ...ENDPOINTS.map(
      ({ method, path, summary, scope, answers }) =>
        `| \`${method.toUpperCase()} ${path}\` | ${summary} | ${scope ? `\`${scope}\`` : 'no key'} | ${Object.keys(answers).join(', ')} |`,
    ),
    '| `GET /metrics` | Prometheus metrics | from another machine `metrics:read` | 200 |',
    '| `GET /openapi.json`, `GET /docs`, `GET /docs/errors` | this API, described | no key | 200 |',
    ...RULES.flatMap(([title, text]) => ['', `## ${title}`, '', text]),
  ].join('\n')

const RULES: readonly (readonly [title: string, text: string])[] = [
  [
    'Keys',
    'Everything under `/v1` needs `Authorization: Bearer flk_…`. A key attests one segment, retail or institutional; its orders are of that segment. The service keeps a hash of the key alone, so a lost key is replaced, not found. A revoked key stops at once in the process that revokes it and within two seconds in others; an expired one at its time. A rotated key has a successor with the same scopes, limits and orders, and lives on for its grace. What each scope allows, and who sees what, stands in [guides/http.md](../guides/http.md). Health, readiness and this documentation are open; where the service lets visitors in (`fairlead start` does, unless told `--no-explorer`), so is everything of `batches:read`. `/metrics` is open to the same machine, but not to requests that a proxy passed on (`Forwarded`, `X-Forwarded-For`, `X-Real-IP`, `Via`); those need a key.',
  ],
  [
    'Numbers',
    'Integers that may pass 2^53, and field elements, are strings of decimal digits. Sizes and counts are JSON numbers. Times are µs since the Unix epoch.',
  ],
  [
    'Lists of orders',
    'Up to 256 orders, in an array or as `{"orders": […]}`, answer 200 with one result each, in their order. An order that does not fit its schema is refused alone, with pointers into it. Only when every order met back-pressure is the answer 503.',
  ],
  [
    'Sending again',
    'An order is accepted once by its commitment: a second try answers `ORDER_ALREADY_ACCEPTED` with the receipt that stands. To get the very same answer, send `Idempotency-Key` (1 to 128 printable characters, a fresh one for each request, scoped to your API key): the same method, path and body bytes get the stored answer for 24 hours, marked `Idempotency-Replayed: true`. Answers below 400 are stored; refused and failed requests changed nothing and run again. If the service dies between the order and its answer, the key is free after a minute, and the request finds the receipt that stands.',
  ],
  [
    'Limits',
    'Rates are told by `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers); 429 carries `Retry-After`. Bodies up to 128 KiB unpacked, headers up to 16 KiB. Headers have to arrive within 10 s, whole requests within 15 s; a connection without a byte for 30 s is closed.',
  ],
  [
    'Streams',
    '`text/event-stream` (WHATWG server-sent events). Ids grow by one, survive restarts and are the same in every process; `Last-Event-ID` goes on after one, without a loss or a double. The newest 100,000 events are kept; before them there is a `gap` event. A comment at least every 10 s; a reader that takes nothing for 10 s is cut off; a stream ends with its key.',
  ],
  ['Asking again', 'Polled resources have a strong `ETag`; `If-None-Match` answers 304 while it holds.'],
  [
    'Other origins',
    'Pages of other origins may ask when the service was started with `--cors-origin`; none may otherwise.',
  ],
  [
    'Logs',
    'One line a request: id, method, path without query, status, time. `X-Request-Id` is taken from the request when it is 1 to 64 letters, digits, dots, dashes or underscores, made otherwise, and returned. Bodies, headers and keys are never logged.',
  ],
]
