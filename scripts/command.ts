// npm run upload and npm run doctor: the committed command, where npm was called, with the inputs from .env unless --env says
// otherwise.
process.chdir(process.env['INIT_CWD'] ?? '.')
if (!process.argv.some((argument) => /^--env(?:=|$)/.test(argument))) process.argv.splice(2, 0, '--env=.env')
await import(new URL('../dist/cli.js', import.meta.url).href)
