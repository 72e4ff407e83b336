// Loaded before a server that knows no setting for its interface: it shall listen on this machine alone.
const { Server } = require('node:net');

const { listen } = Server.prototype;
Server.prototype.listen = function listenOnLoopback(port, ...rest) {
  const callback = rest.find(arg => typeof arg === 'function');
  return typeof port === 'number'
    ? listen.call(this, { port, host: '127.0.0.1', backlog: 4096 }, callback)
    : listen.call(this, port, ...rest);
};
