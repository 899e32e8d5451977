import type { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'

/**
 * A `pg.Client` class whose clients speak to one embedded PGlite instead of a socket, so that both databases share one driver with one set of type parsers.
 * Each client gets a connection of its own: one that is reused would hear the end of the client before it. PGlite has a single session, so a
 * pool of these must have `max: 1`.
 */
export const pgliteClient = (pglite: PGlite): typeof pg.Client =>
  class PGliteClient extends pg.Client {
    constructor(options?: pg.ClientConfig) {
      const { connection } = createPgConfig(pglite)
      // pg's types do not name `connection`, which its constructor takes.
      super({ ...options, connection } as pg.ClientConfig)
    }
  }
