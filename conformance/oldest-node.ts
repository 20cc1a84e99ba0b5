// Tests that start the bundle start it on the oldest Node that it supports.
import { otherNode } from './nodes.ts'

const node = otherNode(22)
if (node) process.env['BUNDLE_NODE'] = node
