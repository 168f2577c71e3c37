// The worker file of Node: the same host behind a worker thread's port.

import { type Transferable as NodeTransferable, parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint, { type NodeEndpoint } from 'comlink/dist/esm/node-adapter.mjs';
import { WorkerHost } from './host.ts';

if (parentPort === null) throw new Error('worker.node.js is started as a worker thread by downhill, not run by itself');
const port = parentPort;
expose(
  new WorkerHost((message, transfer) => port.postMessage(message, transfer as NodeTransferable[])),
  nodeEndpoint(port as NodeEndpoint),
);
