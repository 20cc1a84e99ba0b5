export * from '../../text/links.ts'
