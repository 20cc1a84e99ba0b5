// npm run upload, npm run doctor, and npm run setup: runs the committed command in the directory where npm was called. Except for
// the setup, the inputs are from .env unless --env names another file.
process.chdir(process.env['INIT_CWD'] ?? '.')
if (process.argv[2] !== 'setup' && !process.argv.some((argument) => /^--env(?:=|$)/.test(argument)))
  process.argv.splice(2, 0, '--env=.env')
await import(new URL('../dist/cli.js', import.meta.url).href)
