/** `getcamerapicture`: asked for without a token, as URLs of pictures are (contract 3.9). */
import type { Route } from '../../simulation/router.ts';
import { apiError } from './envelope.ts';

/** As small as a JPEG can be: it has a beginning and an end, and no picture. */
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');

export function cameraPictureRoutes(): Route[] {
  return ['GET', 'POST'].map((method) => ({
    method,
    path: '/api/getcamerapicture',
    operation: 'getcamerapicture',
    handle: ({ query }) => {
      for (const name of ['image_id', 'key']) if (!query.get(name)) return apiError(10, `Missing ${name}`);
      return { status: 200, headers: { 'content-type': 'image/jpeg' }, body: JPEG };
    },
  }));
}
