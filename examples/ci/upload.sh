#!/bin/sh
# Uploads an APK from any shell and sends it to a group. / 在任意 shell 中上传 APK 并发送到群。
# Variables / 环境变量: DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_USER_ID, DINGTALK_FOLDER_URL, DINGTALK_CHAT_ID
set -eu

# The outputs are one JSON object on standard output; the log is on standard error. / 输出以一个 JSON 对象写入标准输出，日志写入标准错误。
npx --yes @SCOPE/upload-to-dingtalk@0 --path 'app/build/outputs/**/*.apk' --json >outputs.json
