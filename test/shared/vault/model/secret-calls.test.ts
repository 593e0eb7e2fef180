/** The secrets of the model against the local Secrets Manager. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSecrets, type Secrets } from '../../../../shared/vault/secrets.ts';
import { useAws } from '../../aws.ts';
import { createMemoryAws } from './memory-aws.ts';

const aws = useAws();
const first = randomUUID();
const second = randomUUID();

const deeds: readonly [name: string, deed: (secrets: Secrets, name: string) => Promise<unknown>][] = [
  ['reads what is not there', (secrets, name) => secrets.read(name)],
  ['adds a version to nothing', (secrets, name) => secrets.put(name, 'one', first)],
  ['deletes nothing', (secrets, name) => secrets.delete(name)],
  ['makes a secret', (secrets, name) => secrets.create(name, 'one', first)],
  ['makes it again', (secrets, name) => secrets.create(name, 'one', first)],
  ['adds a version', (secrets, name) => secrets.put(name, 'two', second)],
  ['adds it again', (secrets, name) => secrets.put(name, 'two', second)],
  ['adds it with another text', (secrets, name) => secrets.put(name, 'three', second)],
  ['makes it with another text', (secrets, name) => secrets.create(name, 'three', first)],
  ['reads the first version', (secrets, name) => secrets.read(name, first)],
  ['reads the newest version', (secrets, name) => secrets.read(name)],
  ['reads the newest, and that it is', (secrets, name) => secrets.readVersion(name, second)],
  ['reads one that is not the newest', (secrets, name) => secrets.readVersion(name, first)],
  ['lists the versions', async (secrets, name) => (await secrets.versionIds(name)).toSorted()],
  ['lists the versions of nothing', (secrets, name) => secrets.versionIds(`${name}-other`)],
  ['reads a version that is not there', (secrets, name) => secrets.read(name, randomUUID())],
  ['deletes it', (secrets, name) => secrets.delete(name)],
  ['reads a version that was deleted', (secrets, name) => secrets.read(name, first)],
  ['adds a version to what was deleted', (secrets, name) => secrets.put(name, 'two', second)],
];

test('answers as Secrets Manager does, whatever happened before', async () => {
  const real = createSecrets(aws().secretsManager);
  const memory = createSecrets(createMemoryAws().secretsManager);
  const name = `${aws().secretPrefix}${randomUUID()}`;
  for (const [what, deed] of deeds) {
    const answer = (secrets: Secrets) =>
      deed(secrets, name).then(
        (value) => ({ value }),
        (error) => ({ code: error.code }),
      );
    expect(await answer(memory), what).toEqual(await answer(real));
  }
});
