import { Command } from 'commander'
import { type CommandContext, withJson } from '../shared/action.ts'

export const startCommand = (_context: CommandContext): Command =>
  withJson(new Command('start').description('run everything on this machine'))
