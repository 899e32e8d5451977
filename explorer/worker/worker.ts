import './jitless.ts'
import { Settings } from '../wire/settings.ts'
import { JOBS } from './jobs.ts'
import { serveJobs } from './serve.ts'
import { Sources } from './sources.ts'

// The page names the worker after its settings, so that they are there before the first job.
const { settings, origin } = JSON.parse(self.name)
serveJobs(JOBS, new Sources(Settings.parse(settings), String(origin)))
