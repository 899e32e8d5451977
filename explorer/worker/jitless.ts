import { config } from 'zod'

// The page's policy forbids to compile code from text, which zod would try.
config({ jitless: true })
