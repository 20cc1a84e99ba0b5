// What actions/upload-artifact does, from the packages it is made of: read the inputs, find the file, upload it.
import { DefaultArtifactClient } from '@actions/artifact'
import * as core from '@actions/core'
import { create } from '@actions/glob'
import { dirname } from 'node:path'

const globber = await create(core.getInput('path', { required: true }))
const [file] = await globber.glob()
await new DefaultArtifactClient().uploadArtifact('artifact', [file], dirname(file))
