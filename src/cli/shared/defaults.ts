/** Where things are unless a command is told otherwise. */
export const DEFAULTS = {
  dataDir: '.fairlead',
  host: '127.0.0.1',
  port: 8080,
  chainPort: 8545,
  url: 'http://127.0.0.1:8080',
} as const
