import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import type { Exchange } from '../http/exchange';
import { RequestTrail } from '../requestLogs/RequestTrail';
import { NO_TRACE } from '../telemetry/tracing/RequestTrace';
import { Waits } from '../telemetry/Waits';

const socket = new Socket();
const monotonic = () => performance.now();

/** A request as it stands when it is answered, without a client. */
export function testExchange(key: {
  readonly id: string;
  readonly projectId: string;
}): Exchange {
  const req = new IncomingMessage(socket);
  req.method = 'POST';
  req.url = '/v1/chat/completions';
  req.headers = { 'user-agent': 'OpenAI/JS 7.55.0' };
  const res = new ServerResponse(req);
  res.writeHead(200);
  res.end();
  const waits = new Waits(monotonic);
  waits.begin('upstream');
  waits.end('upstream');
  return {
    req,
    res,
    requestId: uuidv7(),
    errors: 'openai',
    receivedAt: Date.now(),
    startedAt: monotonic(),
    headers: [],
    facts: {
      keyId: key.id,
      projectId: key.projectId,
      model: 'house-model',
      streamed: false,
      deploymentId: uuidv7(),
      outcome: 'complete',
      attempts: 1,
      cost: '0.000123456',
      inputTokens: 876,
      outputTokens: 127,
      timeToFirstTokenMs: 97,
    },
    trail: new RequestTrail(),
    waits,
    trace: NO_TRACE,
    heldBytes: 0,
    onClose: null,
    isClosed: false,
  };
}
