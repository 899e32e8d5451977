import { PROBLEMS, type ProblemKind } from './status.ts'

const rows = (): [code: string, kind: ProblemKind][] =>
  Object.entries(PROBLEMS).sort(([a, x], [b, y]) => x.status - y.status || a.localeCompare(b))

/** `docs/reference/errors.md`, without its last line end. */
export const errorsMarkdown = (): string =>
  [
    '# Errors of the HTTP API',
    '',
    'Generated from `src/http/status.ts` by `scripts/generate-openapi.ts`; do not edit.',
    '',
    'Every answer of 400 and above is `application/problem+json` (RFC 9457). `code` is stable; titles and details are for people and may change.',
    'Answers with 429 and 503, and `IDEMPOTENCY_IN_PROGRESS`, carry `Retry-After` in seconds.',
    ...rows().flatMap(([code, { status, title, help }]) => ['', `## ${code}`, '', `${status}. ${title}. ${help}`]),
  ].join('\n')

/** The same as a page: problem types (`/docs/errors#CODE`) lead here. */
export const errorsPage = (): string =>
  [
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Errors of the Fairlead API</title>',
    '<h1>Errors of the HTTP API</h1>',
    ...rows().map(
      ([code, { status, title, help }]) =>
        `<h2 id="${code}">${code}</h2><p>${status}. ${escapeHtml(title)}. ${escapeHtml(help).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>`,
    ),
    '</html>',
  ].join('\n')

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
