import type { Setup } from './steps.ts'

/** The target folder, shown by name. The operator must be able to write to it. */
export async function chooseFolder({ talk, platform, values }: Setup): Promise<void> {
  if (talk.answers['folder-url'] === undefined)
    talk.say({
      en: `In DingTalk, open the drive (云盘), and choose a folder of a team (团队文件), not of My files (我的文件).
Choose ⋯ → Copy link (复制链接).`,
      zh: `在钉钉中打开「云盘」，选择「团队文件」中的文件夹（不要用「我的文件」），点击 ⋯ →「复制链接」。`,
    })
  const { path, space } = await talk.accepted(['folder-url'], async () => {
    await talk.text('folder-url', { en: 'Link of the folder', zh: '文件夹的链接' })
    const { entry, space } = await talk.working(() =>
      platform.look(values(), ['accessToken', 'unionId', 'uploadInfo', 'space', 'list', 'commit']),
    )
    const url = URL.parse(values()['folder-url'] ?? '')
    return {
      path: entry?.value?.path ?? entry?.value?.name ?? '/',
      space: space?.value?.spaceId ?? url?.searchParams.get('spaceId') ?? '',
    }
  })
  talk.done({
    en: `Folder: ${path}${space && ` (space ${space})`}. The operator can upload to it.`,
    zh: `文件夹：${path}${space && `（空间 ${space}）`}，操作者可以上传。`,
  })
}
