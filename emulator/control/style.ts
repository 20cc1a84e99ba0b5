/** The look of a conversation, like that of DingTalk's client: on a phone, and with a list of conversations on a wider screen. */
export const STYLE = `
* { box-sizing: border-box }
body { margin: 0; display: flex; min-height: 100vh; background: #f3f4f6; color: #171a1d; overflow-wrap: anywhere;
  font: 15px/1.55 -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
a { color: #0075eb; text-decoration: none }
nav { flex: 0 0 248px; background: #fff; border-right: 1px solid #e3e5e9; padding: 8px }
nav a { display: flex; gap: 10px; align-items: center; padding: 8px; border-radius: 8px; color: inherit }
nav a[aria-current] { background: #e8f1fd }
nav span, .last { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.last { display: block; color: #5c6370; font-size: 12px }
main { flex: 1; min-width: 0; padding-bottom: 16px }
h1 { position: sticky; top: 0; z-index: 1; margin: 0; padding: 14px 20px; background: #fff; border-bottom: 1px solid #e3e5e9; font-size: 17px }
.note { color: #5c6370; font-weight: normal; font-size: 13px; text-align: center }
h1 .note { margin-left: 6px }
article { display: flex; gap: 10px; padding: 10px 20px }
article > div { min-width: 0; max-width: 460px }
time { margin-left: 4px }
header { margin-bottom: 4px; color: #5c6370; font-size: 12px }
.avatar { flex: 0 0 38px; width: 38px; height: 38px; border-radius: 10px; background: #0075eb; color: #fff; text-align: center; line-height: 38px }
.avatar.robot { background: #6b5ce7 }
.avatar.group { background: #12a36b }
.bubble { padding: 10px 14px; border-radius: 4px 12px 12px; background: #fff; box-shadow: 0 1px 2px #0000000d }
.bubble > :first-child { margin-top: 0 }
.bubble > :last-child { margin-bottom: 0 }
.bubble :is(h1, h2, h3, h4, h5, h6) { position: static; padding: 0; border: 0; margin: 12px 0 6px; font-size: 15px; line-height: 1.4 }
.bubble h1 { font-size: 20px }
.bubble h2 { font-size: 18px }
.bubble h3 { font-size: 16px }
.bubble p, .bubble ul, .bubble ol, .bubble blockquote, .bubble pre { margin: 6px 0 }
.bubble ul, .bubble ol { padding-left: 22px }
.bubble blockquote { padding-left: 10px; border-left: 3px solid #d5d8de; color: #5c6370 }
.bubble pre { white-space: pre-wrap }
.bubble.card { width: 380px; max-width: 100% }
.buttons { margin: 10px -14px -10px !important }
.buttons :is(a, span) { display: block; padding: 10px 14px; border-top: 1px solid #eceef1; text-align: center }
.buttons span { color: #5c6370 }
.bubble.file { display: flex; gap: 12px; align-items: center; width: 320px; max-width: 100% }
.bubble.file div { min-width: 0; margin: 0; flex: 1 }
.icon { flex: 0 0 42px; height: 46px; margin: 0; border-radius: 6px; background: #7a869a; color: #fff; font: 600 11px/46px sans-serif; text-align: center; text-transform: uppercase; overflow: hidden }
.icon.app { background: #16a866 }
.icon.zip { background: #e59b16 }
.icon.doc { background: #2f7cf6 }
.icon.pdf { background: #e5483f }
.picture { display: block; max-width: min(100%, 300px); max-height: 420px; border: 1px solid #e3e5e9; border-radius: 8px; background: #fff }
@media (max-width: 640px) {
  body { font-size: 16px }
  nav { display: none }
  h1 { padding: 12px; text-align: center }
  article { padding: 8px 12px; gap: 8px }
}
`
