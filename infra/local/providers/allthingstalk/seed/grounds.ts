/** The grounds of a new simulator, their gateway and their tokens. Every id and token here is invented. */
import type { Gateway, Ground } from '../house/device.ts';
import type { StaticToken } from '../state.ts';
import { CASEY_ID, KIM_ID, ROBIN_ID } from './people.ts';

export const HOUSE_ID = 'Gr0undQ8wErT5yUiOp3AsDfG';
export const CABIN_ID = 'Gr0undCab1nRobinZxCvBnM2';
export const PLAYGROUND_ID = 'Gr0undPlayKimNothingHere';
export const GATEWAY_ID = 'GwQ1w2E3r4T5y6U7i8O9p0As';
export const NODE_ID = 'Kx7RmQ2vTd9LpWc4ZsJh8YbN';
export const GARDEN_ID = 'GardenNodeVg4Tr5Bh6Nj7Mk';

export const grounds: readonly Ground[] = [
  {
    groundId: HOUSE_ID,
    name: 'home',
    title: 'Home',
    ownerId: CASEY_ID,
    visibility: 'public',
    members: [],
  },
  {
    groundId: CABIN_ID,
    name: 'cabin',
    title: 'Cabin',
    ownerId: ROBIN_ID,
    visibility: 'public',
    members: [{ userId: CASEY_ID, role: 'viewer' }],
  },
  {
    groundId: PLAYGROUND_ID,
    name: 'playground',
    title: 'Playground',
    ownerId: KIM_ID,
    visibility: 'public',
    members: [],
  },
];

export const gateways: readonly Gateway[] = [
  {
    gatewayId: GATEWAY_ID,
    key: 'sim-attic-gateway-key',
    uid: 'attic-01',
    name: 'attic',
    title: 'Attic gateway',
    groundId: HOUSE_ID,
  },
];

export const staticTokens: readonly StaticToken[] = [
  {
    tokenId: 'TokenOfHouseGround000001',
    kind: 'ground',
    ofId: HOUSE_ID,
    text: 'maker:4SimHouseGroundAq1Sw2De3Fr4Gt5Hy6Ju7Ki8L',
  },
  {
    tokenId: 'TokenOfCabinGround000002',
    kind: 'ground',
    ofId: CABIN_ID,
    text: 'maker:4SimCabinGroundZx9Cv8Bn7Mk6Jh5Gf4Ds3Aq2P',
  },
  {
    tokenId: 'TokenOfHallwayNode000003',
    kind: 'device',
    ofId: NODE_ID,
    text: 'maker:4SimHallwayNodePl0Ok9Ij8Uh7Yg6Tf5Rd4Es3W',
  },
  {
    tokenId: 'TokenOfGardenNode0000004',
    kind: 'device',
    ofId: GARDEN_ID,
    text: 'maker:4SimGardenNodeQa1Zs2Wx3Ed4Cr5Fv6Tg7Bh8Yn',
  },
];
