// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runOrUnavailable } from '../lib/commands.mjs';
import { pinning } from '../lib/machine.mjs';
import { findPort } from '../../scripts/lib/ports.mjs';
import { ready } from './subject.mjs';

/** @param {number} port @param {string} upstream */
const configuration = (port, upstream) => `
worker_processes 1;
daemon off;
pid nginx.pid;
error_log stderr error;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_requests 1000000;
  upstream provider {
    server ${new URL(upstream).host};
    keepalive 2048;
    keepalive_requests 1000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;

/** @type {import('./subject.mjs').Subject} */
export const nginx = {
  name: 'nginx',
  title: 'nginx',
  start: async bench => {
    runOrUnavailable(['sh', '-c', 'nginx -v 2>&1'], {
      shown: 'apt-get install nginx',
    });
    const version = runOrUnavailable(['sh', '-c', 'nginx -v 2>&1']);
    const port = await findPort(21_100);
    const directory = path.join(bench.directory, 'nginx');
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      path.join(directory, 'nginx.conf'),
      configuration(port, bench.upstream),
    );
    const started = bench.processes.start(
      'nginx',
      [
        ...pinning('subject', bench.pinned),
        'nginx',
        '-p',
        directory,
        '-c',
        'nginx.conf',
      ],
      { stopSignal: 'SIGQUIT' },
    );
    return ready(
      {
        version: /nginx\/([\d.]+)/.exec(version)?.[1] ?? null,
        settings:
          'one worker, proxy_buffering off, connections kept alive, no access log',
        url: `http://127.0.0.1:${port}/v1/chat/completions`,
        model: 'bench',
        headers: {},
        roots: () => [started.pid],
        helpers: () => ({}),
      },
      started,
      'nginx',
    );
  },
};
