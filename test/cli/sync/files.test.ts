/** What only files have to care for: that one program writes at a time, and whatever a crash or a person leaves behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Progress } from '../../../cli/sync/sink.ts';
import { fileSink } from '../../../cli/sync/sinks/file.ts';
import { lockFolder } from '../../../cli/sync/sinks/folder-lock.ts';

const progress: Progress = {
  cursor: 'c1-2.0-1.0-1.0-1.0',
  phase: 'following',
  events: 3,
  updatedAt: '2026-01-15T12:00:01.000Z',
};
const event = (index: number) => ({ id: `evt_${index}`, text: 'x'.repeat(index) });
const events = [1, 2, 3].map(event);

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'latchkey-sync-'));
  folder = join(parent, 'copy');
  const sink = fileSink(folder);
  await sink.open();
  await sink.addRecords('events', events);
  await sink.keepProgress(progress);
  await sink.close();
});
afterEach(() => rm(parent, { recursive: true }));

const at = (name: string) => join(folder, name);
const eventsPath = () => at('events.ndjson');
const idsIn = async (name = folder) =>
  (await Array.fromAsync(fileSink(name).listRecords('events'))).map(({ id }) => id).toSorted();
const sourceOf = (name: string) => JSON.stringify(join(import.meta.dirname, '../../../cli/sync/sinks', name));
const evaluate = (program: string) => ['--input-type=module', '-e', program];
const locks = async () => (await readdir(folder)).filter((name) => name.endsWith('.lock'));

/** Opens the folder as the next program would, which writes one event more. */
async function goOn(name = folder): Promise<string[]> {
  const sink = fileSink(name);
  await sink.open();
  const found = await idsIn(name);
  await sink.addRecords('events', [...events, event(4)]);
  await sink.keepProgress({ ...progress, events: 4 });
  await sink.close();
  expect(await idsIn(name)).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4']);
  expect(JSON.parse(await readFile(join(name, 'progress.json'), 'utf8'))).not.toHaveProperty('renewed');
  expect((await readdir(name)).filter((each) => each.endsWith('.new'))).toEqual([]);
  return found;
}

describe('writing a file anew', () => {
  /** The folder as a program leaves it that is killed between two steps; `end` is what it was about to have. */
  async function killedAt(step: 'writing' | 'written' | 'named' | 'placed'): Promise<string> {
    const done = join(parent, 'done');
    await cp(folder, done, { recursive: true });
    const sink = fileSink(done);
    await sink.open();
    await sink.removeRecords('events', ['evt_2']);
    await sink.close();
    const renewed = await readFile(join(done, 'events.ndjson'));
    const kept = JSON.parse(await readFile(at('progress.json'), 'utf8'));
    await writeFile(at('events.ndjson.new'), step === 'writing' ? renewed.subarray(0, 10) : renewed);
    if (step === 'named' || step === 'placed')
      await writeFile(at('progress.json'), JSON.stringify({ ...kept, renewed: { events: renewed.length } }));
    if (step === 'placed') await rename(at('events.ndjson.new'), eventsPath());
    return folder;
  }

  test.each([
    ['writing', ['evt_1', 'evt_2', 'evt_3']],
    ['written', ['evt_1', 'evt_2', 'evt_3']],
    ['named', ['evt_1', 'evt_3']],
    ['placed', ['evt_1', 'evt_3']],
  ] as const)('leaves a folder that opens when it is killed at «%s»', async (step, found) => {
    expect(await goOn(await killedAt(step))).toEqual(found);
  });

  test('leaves a folder that tells its progress, and can be read, wherever it is killed', async () => {
    for (const step of ['writing', 'written', 'named', 'placed'] as const) {
      await killedAt(step);
      expect(await fileSink(folder).readProgress()).toEqual(progress);
      expect((await idsIn()).length).toBe(step === 'placed' ? 2 : 3);
    }
  });

  test('leaves out what is no document', async () => {
    await writeFile(eventsPath(), `${await readFile(eventsPath(), 'utf8')}`.replace('{"id":"evt_2"', '{"id'));
    expect(await idsIn()).toEqual(['evt_1', 'evt_3', 'line 2 of events.ndjson']);
    const sink = fileSink(folder);
    await sink.open();
    await sink.removeRecords('events', ['line 2 of events.ndjson']);
    await sink.close();
    expect(await idsIn()).toEqual(['evt_1', 'evt_3']);
  });
});

describe('a file that somebody edited', () => {
  test.each([
    ['shorter by a line', (text: string) => text.split('\n').slice(1).join('\n'), ['evt_2', 'evt_3']],
    ['shorter by the end of a line', (text: string) => text.slice(0, -4), ['evt_1', 'evt_2']],
    ['longer', (text: string) => text.replace('"text":"x"', '"text":"longer"'), ['evt_1', 'evt_2', 'evt_3']],
    ['empty', () => '', []],
  ])('is read as it is where it became %s, and added to', async (_, edit, ids) => {
    await writeFile(eventsPath(), edit(await readFile(eventsPath(), 'utf8')));
    expect(await idsIn()).toEqual(ids);
    await goOn();
  });

  test('says so where it is the progress', async () => {
    await writeFile(at('progress.json'), '{"cursor":');
    await expect(fileSink(folder).readProgress()).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('damaged'),
    });
    await expect(fileSink(folder).open()).rejects.toMatchObject({ kind: 'refused' });
  });

  test('has half a line behind what was kept when it is looked at while it is written', async () => {
    await writeFile(eventsPath(), '{"id":"evt_9"}\n\u0000\u0000\n{"id":"evt_10', { flag: 'a' });
    expect(await idsIn()).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_9']);
    expect(await goOn()).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });
});

describe('a disk that is full', () => {
  /** Adds two events in another process, whose files are full at `limit` units of 512 bytes: by a short write at first. */
  async function fill(limit: number): Promise<string> {
    const program = `
      const { fileSink } = await import(${sourceOf('file.ts')});
      const [folder, progress, events] = process.argv.slice(1);
      const sink = fileSink(folder);
      await sink.open();
      await sink.addRecords('events', JSON.parse(events));
      await sink.keepProgress(JSON.parse(progress));
      await sink.close();`;
    const order = [folder, JSON.stringify({ ...progress, events: 5 }), JSON.stringify([400, 401].map(event))];
    const child = spawn(
      '/bin/sh',
      ['-c', `ulimit -f ${limit}; exec "$@"`, 'sh', process.execPath, ...evaluate(program), ...order],
      { stdio: ['ignore', 'inherit', 'pipe'] },
    );
    return await text(child.stderr);
  }

  test('keeps nothing that there was no room for, and goes on where it was once there is', async () => {
    expect(await fill(1)).toContain(`${folder} cannot be written: EFBIG`);
    expect((await stat(eventsPath())).size).toBe(512);
    expect(await fileSink(folder).readProgress()).toEqual(progress);
    expect(await fill(4)).toBe('');
    expect(await idsIn()).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_400', 'evt_401']);
  });
});

describe('a folder', () => {
  const holder = `
    const { lockFolder } = await import(${sourceOf('folder-lock.ts')});
    await lockFolder(process.argv[1]);
    console.log('held');
    setInterval(() => {}, 1000);`;

  async function startHolder() {
    const child = spawn(process.execPath, [...evaluate(holder), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  }

  test('is one process’s, until it ends in whatever way', async () => {
    const child = await startHolder();
    await expect(fileSink(folder).open()).rejects.toMatchObject({
      kind: 'refused',
      message: `${folder} is being written by process ${child.pid}: stop it first`,
    });
    expect(await locks()).toHaveLength(1);
    expect(await fileSink(folder).readProgress()).toEqual(progress);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await goOn();
    expect(await locks()).toEqual([]);
  });

  test('is free once the process that has it goes on no more, wherever that was', async () => {
    const elsewhere = at('another-machine.1.lock');
    await writeFile(elsewhere, '');
    await expect(fileSink(folder).open()).rejects.toMatchObject({
      message: `${folder} is being written by process 1 on another-machine: stop it first`,
    });
    const longAgo = new Date(Date.now() - 61_000);
    await utimes(elsewhere, longAgo, longAgo);
    const reused = at(`${hostname()}.${process.ppid}.lock`);
    await writeFile(reused, '');
    await utimes(reused, longAgo, longAgo);
    await goOn();
    expect(await locks()).toEqual([]);
  });

  test('tells a process that was taken for dead', async () => {
    const sink = fileSink(folder);
    await sink.open();
    for (const name of await locks()) await rm(at(name));
    await expect(sink.keepProgress(progress)).rejects.toMatchObject({ kind: 'refused' });
    await expect(sink.removeRecords('events', ['evt_1'])).rejects.toMatchObject({ kind: 'refused' });
    await sink.close();
    expect(await idsIn()).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });

  test('is held by a process until its last program lets go', async () => {
    const [first, second] = [await lockFolder(folder), await lockFolder(folder)];
    await first.release();
    await second.assertHeld();
    await second.release();
    await expect(second.assertHeld()).rejects.toMatchObject({ kind: 'refused' });
  });
});
