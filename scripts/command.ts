// npm run upload, npm run doctor, and npm run setup: the committed command, where npm was called. Except for the setup, with the
// inputs from .env unless --env says otherwise.
process.chdir(process.env['INIT_CWD'] ?? '.')
if (process.argv[2] !== 'setup' && !process.argv.some((argument) => /^--env(?:=|$)/.test(argument)))
  process.argv.splice(2, 0, '--env=.env')
await import(new URL('../dist/cli.js', import.meta.url).href)
