import { sectionOf } from './changelog.ts'

/** The values in the notes of a release. */
export interface ReleaseNames {
  /** Such as `owner/name`. */
  repository: string
  version: string
  /** The full SHA of the release's commit. */
  commit: string
}

/**
 * The notes of a release: its section of the changelog, how to pin it, and how to verify it.
 *
 * @throws Error if the changelog has no section about the version
 */
export function releaseNotes(changelog: string, { repository, version, commit }: ReleaseNames): string {
  const text = sectionOf(changelog, version)?.text ?? ''
  if (text === '') throw new Error(`CHANGELOG.md has no notes on ${version}.`)
  return `${text}

### Pin this release · 固定到此版本

\`\`\`yaml
- uses: ${repository}@${commit} # v${version}
\`\`\`

### Verify a file · 验证文件

\`\`\`sh
gh release verify v${version} --repo ${repository}
gh attestation verify FILE --repo ${repository} --source-ref refs/tags/v${version} \\
  --signer-workflow ${repository}/.github/workflows/release.yml
\`\`\`

FILE is an asset of this release, or a file of \`dist/\` in a checkout of the tag. \`SHA256SUMS\` has the checksums, and
\`upload-to-dingtalk-${version}.cdx.json\` lists the packages in the bundle.

FILE 是本版本的附件，或检出该标签后 \`dist/\` 中的文件。\`SHA256SUMS\` 是校验和，\`upload-to-dingtalk-${version}.cdx.json\` 列出打包的全部依赖。
`
}

/** The next steps for a person after the draft is complete, for the job's summary. */
export function nextSteps(draft: { url: string; tag: string; isDraft: boolean }): string {
  if (!draft.isDraft) return `${draft.tag} is published already: ${draft.url}\n`
  return `## The draft of ${draft.tag} is complete

1. Read the notes and the assets of the [draft](${draft.url}).
2. To list this version in the GitHub Marketplace, edit the draft, select **Publish this Action to the GitHub Marketplace**,
   choose the categories, and click **Publish release**. GitHub has no API for it. Otherwise, leave the draft as it is.
3. In this run, click **Review deployments**, select **release**, and approve. The run then publishes the draft, if you
   haven't, and moves the tag of the major version.

To stop the release, reject the deployment, and delete the draft and the tag.
`
}
