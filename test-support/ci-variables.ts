// The variables that other CIs set, as their documentation has them.

const COMMIT = '0123456789abcdef0123456789abcdef01234567'

export const GITLAB = {
  CI: 'true',
  GITLAB_CI: 'true',
  CI_SERVER_URL: 'https://gitlab.example',
  CI_PROJECT_ID: '278964',
  CI_PROJECT_NAME: 'app',
  CI_PROJECT_PATH: 'octo/app',
  CI_PROJECT_URL: 'https://gitlab.example/octo/app',
  CI_PIPELINE_ID: '4242',
  CI_PIPELINE_IID: '7',
  CI_PIPELINE_URL: 'https://gitlab.example/octo/app/-/pipelines/4242',
  CI_JOB_ID: '9001',
  CI_JOB_NAME: 'dingtalk',
  CI_JOB_STATUS: 'running',
  CI_COMMIT_SHA: COMMIT,
  CI_COMMIT_REF_NAME: 'main',
  CI_COMMIT_BRANCH: 'main',
  CI_COMMIT_TITLE: 'Fix the build',
  CI_COMMIT_AUTHOR: 'Octo <Cat> <octo@example.com>',
  GITLAB_USER_LOGIN: 'octocat',
}

export const JENKINS = {
  CI: 'true',
  JENKINS_URL: 'https://jenkins.example/',
  JOB_NAME: 'octo/app/main',
  BUILD_NUMBER: '7',
  BUILD_ID: '7',
  BUILD_TAG: 'jenkins-octo-app-main-7',
  BUILD_URL: 'https://jenkins.example/job/octo/job/app/job/main/7/',
  BRANCH_NAME: 'main',
  GIT_BRANCH: 'origin/main',
  GIT_COMMIT: COMMIT,
  GIT_URL: 'https://git.example/octo/app.git',
}

export const FLOW = {
  PIPELINE_ID: '1084',
  PIPELINE_NAME: '前端项目发布',
  BUILD_NUMBER: '7',
  BUILD_EXECUTOR: '张三',
  BUILD_MESSAGE: '张三·页面手动触发',
  PROJECT_DIR: '/root/workspace/1084-abc_docker-08191_b0wE',
  DATETIME: '2026-06-22-23-26-33',
  TIMESTAMP: '1581581273232',
  CI_COMMIT_REF_NAME: 'main',
  CI_COMMIT_TITLE: 'Fix the build',
  CI_COMMIT_SHA: COMMIT,
  CI_COMMIT_ID: COMMIT.slice(0, 8),
}
