// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { Refusal } from './terminal.mjs';

/**
 * Whom PostgreSQL runs as. It refuses to run as root, so under root it runs
 * as another user, who must own the data directory and reach the programs.
 *
 * @typedef {object} PostgresUser
 * @property {number | undefined} uid undefined: the user who runs this
 * @property {number | undefined} gid
 */

/** @param {string} name */
const lookUp = name => {
  const ask = (/** @type {string} */ flag) =>
    spawnSync('id', [flag, name], { encoding: 'utf8' });
  const [uid, gid] = [ask('-u'), ask('-g')];
  return uid.status === 0 && gid.status === 0
    ? { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    : undefined;
};

const createPostgresUser = () => {
  spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ]);
  return lookUp('postgres');
};

/**
 * @param {string} dataDir the database's directory; once it is there, its
 *   owner is the one
 * @returns {PostgresUser}
 */
export const choosePostgresUser = dataDir => {
  const own = process.getuid?.();
  const owner = existsSync(dataDir) ? statSync(dataDir) : undefined;
  if (own !== 0) {
    if (owner && owner.uid !== own) {
      throw new Refusal(
        `The database in ${dataDir} belongs to another user (uid ${owner.uid}).`,
        [
          'It was made under root or by somebody else.',
          'Start as that user, or delete that directory (as root).',
        ],
      );
    }
    return { uid: undefined, gid: undefined };
  }
  if (owner && owner.uid !== 0) {
    return { uid: owner.uid, gid: owner.gid };
  }
  const user = lookUp('postgres') ?? createPostgresUser() ?? lookUp('nobody');
  if (!user) {
    throw new Refusal(
      'PostgreSQL does not run as root, and there is no other user here.',
      ['Add one (useradd --system postgres), or start as an ordinary user.'],
    );
  }
  return user;
};

/**
 * Under root the checkout is often where nobody else may look, such as below
 * /root. Then PostgreSQL's user gets the one right to pass there
 * (CAP_DAC_OVERRIDE), rather than the directory other permissions.
 * PostgreSQL asks with access(2), which under another user counts that right
 * only with `no_setuid_fixup`.
 */
const setprivFlags = [
  '--clear-groups',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
  '--securebits=+no_setuid_fixup',
];

/**
 * @typedef {object} UserCommand
 * @property {string} command
 * @property {string[]} args
 * @property {number} [uid]
 * @property {number} [gid]
 */

/**
 * The command to run so that a program runs as that user and reaches the
 * given paths.
 *
 * @param {PostgresUser} user
 * @param {string[]} paths the program and what it works on; all exist
 * @returns {(program: string, args: string[]) => UserCommand}
 */
export const runAs = ({ uid, gid }, paths) => {
  if (uid === undefined || gid === undefined) {
    return (command, args) => ({ command, args });
  }
  const reach = 'for path; do test -r "$path" || exit 1; done';
  /** @param {UserCommand} check */
  const works = check =>
    spawnSync(check.command, check.args, {
      uid: check.uid,
      gid: check.gid,
      cwd: '/',
    }).status === 0;

  /** @type {(program: string, args: string[]) => UserCommand} */
  const plain = (command, args) => ({ command, args, uid, gid });
  if (works(plain('/bin/sh', ['-c', reach, 'sh', ...paths]))) {
    return plain;
  }
  /** @type {(program: string, args: string[]) => UserCommand} */
  const withRights = (command, args) => ({
    command: 'setpriv',
    args: [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      ...setprivFlags,
      command,
      ...args,
    ],
  });
  if (works(withRights('/bin/sh', ['-c', reach, 'sh', ...paths]))) {
    return withRights;
  }
  throw new Refusal(
    `PostgreSQL does not run as root, and user ${uid} may not read ${paths[0]}.`,
    [
      'Move the checkout to where every user may read it, such as /srv or /opt,',
      'or start as an ordinary user who owns it.',
    ],
  );
};
