import { displayNames } from '../../../../shared/domain/provider-name.ts';
import { OWNER, unlink } from '../account-steps.ts';
import { expect, type Step } from '../step.ts';
import { DEVICE_OWNER, GROUND_OWNER, type Scene } from './scene.ts';

export function unlinkAllStep(scene: Scene): Step {
  const { byDevice, byGround, client, trail } = scene;
  return {
    name: 'unlink',
    async run() {
      await unlink(scene, trail.accountId, OWNER);
      await unlink(scene, byGround.accountId, GROUND_OWNER);
      await unlink(scene, byDevice.accountId, DEVICE_OWNER);
      const modules = await client.modules(trail.accountId);
      expect(modules.length === 0, `${modules.length} modules are left`);
      return `no secret, no account, no module left of the three; the rule is ${displayNames.allthingstalk}'s to delete`;
    },
  };
}
