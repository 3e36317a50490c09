import assert from 'node:assert/strict';
import { withoutSteering } from '../../../scripts/server-environment.ts';

describe('the environment of a VS Code server', () => {
  const ours = {
    VSCODE_IPC_HOOK_CLI: '/run/vscode-ipc.sock',
    CODE_SERVER_HOST: '0.0.0.0',
    CODE_SERVER_PARENT_PID: '1',
    PORT: '3000',
    GITHUB_TOKEN: 'ghp_0123456789',
    LOG_LEVEL: 'error',
    PATH: '/usr/bin',
    MY_PORT: '1',
    PORTS: '2',
    LLM_SECRET_KEY: 'a-master-key',
  };

  it('keeps everything but what would steer it', () => {
    const environment: NodeJS.ProcessEnv = { ...ours, ...withoutSteering(ours) };
    const left = Object.keys(environment).filter((name) => environment[name] !== undefined);
    assert.deepEqual(left, ['PATH', 'MY_PORT', 'PORTS', 'LLM_SECRET_KEY']);
  });
});
