/**
 * Loaded into every test process, worker and child (`--require`): a connection to anything but this machine fails
 * the test that tried it.
 */
import { Socket } from 'node:net';

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\]|::ffff:127(\.\d{1,3}){3})$/;
const connect = Socket.prototype.connect;

function hostOf(target: unknown): string | undefined {
  const options = Array.isArray(target) ? target[0] : target;
  if (typeof options !== 'object' || options === null || ('path' in options && options.path))
    return undefined;
  return 'host' in options && typeof options.host === 'string' ? options.host : undefined;
}

Socket.prototype.connect = function guarded(this: Socket, ...target: unknown[]) {
  const host = typeof target[1] === 'string' ? target[1] : hostOf(target[0]);
  if (host !== undefined && !loopback.test(host)) {
    throw new Error(`a test tried to reach ${host}; tests talk to loopback only`);
  }
  return Reflect.apply(connect, this, target);
} as typeof connect;
