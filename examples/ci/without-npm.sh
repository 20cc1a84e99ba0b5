#!/bin/sh
# Uploads an APK without access to npm. The package of a release is on your own server.
# 在无法访问 npm 的环境中上传 APK：安装包来自发布版本，放在你自己的服务器上。
# Variables / 环境变量: UPLOAD_TO_DINGTALK_URL, UPLOAD_TO_DINGTALK_SHA256 (from SHA256SUMS of the release / 取自发布版本的 SHA256SUMS),
# DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_USER_ID, DINGTALK_FOLDER_URL, DINGTALK_CHAT_ID
set -eu

curl --fail --silent --show-error --output upload-to-dingtalk.tgz "$UPLOAD_TO_DINGTALK_URL"
echo "$UPLOAD_TO_DINGTALK_SHA256  upload-to-dingtalk.tgz" | sha256sum -c -
npx --yes ./upload-to-dingtalk.tgz --path 'app/build/outputs/**/*.apk' --json >outputs.json
