// @ts-check
/**
 * What a gateway costs that does nothing: `node:http` in front, undici behind, bytes from one to the other. With a file, it has written a record to
 * the disk before an answer ends, and does nothing else either.
 *
 * Arguments: port, origin of the upstream and, if records are to be written, the file.
 */
import { createServer } from 'node:http';
import { Pool } from 'undici';
import { durableFile } from './durableFile.mjs';

const [port, origin, file] = process.argv.slice(2);
const writeDown = file ? durableFile(file) : null;
const pool = new Pool(origin, { connections: null, pipelining: 1 });

const server = createServer({ noDelay: true }, (req, res) => {
  /** @type {Buffer[]} */
  const chunks = [];
  req.on('data', chunk => chunks.push(chunk));
  req.on('end', async () => {
    try {
      const { statusCode, headers, body } = await pool.request({
        method: 'POST',
        path: req.url ?? '/',
        headers: {
          'content-type': req.headers['content-type'],
          authorization: req.headers.authorization,
        },
        body: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks),
      });
      res.writeHead(statusCode, {
        'content-type': headers['content-type'],
        ...(headers['content-length'] && {
          'content-length': headers['content-length'],
        }),
      });
      body.on('error', () => res.destroy());
      if (!writeDown) {
        body.pipe(res);
      } else if (headers['content-length']) {
        const whole = await body.bytes();
        await writeDown();
        res.end(whole);
      } else {
        body.pipe(res, { end: false });
        body.on('end', () => {
          writeDown().then(
            () => res.end(),
            () => res.destroy(),
          );
        });
      }
    } catch {
      if (res.headersSent) res.destroy();
      else res.writeHead(502).end();
    }
  });
});
server.keepAliveTimeout = 75_000;
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
