/**
 * A value of the service as JSON carries it: every `bigint` a decimal string. Response schemas are held to it by `satisfies`, so that a field that
 * the service adds or renames does not slip past the documentation.
 */
export type Wire<T> = T extends bigint
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly unknown[]
      ? { -readonly [K in keyof T]: Wire<T[K]> }
      : { -readonly [K in keyof T]: object extends Pick<T, K> ? Wire<T[K]> | undefined : Wire<T[K]> }
