import { Command } from 'commander'
import type { CommandContext } from '../../shared/action.ts'
import { certificateMakeCommand } from './certificate-make.ts'
import { certificateSubmitCommand } from './certificate-submit.ts'
import { certificateVerifyCommand } from './certificate-verify.ts'

export const certificateCommand = (context: CommandContext): Command =>
  new Command('certificate')
    .description('prove a violation to anybody, and to the challenge contracts')
    .addCommand(certificateMakeCommand(context))
    .addCommand(certificateVerifyCommand(context))
    .addCommand(certificateSubmitCommand(context))
