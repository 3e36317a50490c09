import { keyOf, prefixed, tokenOf, type Shape } from '../shape.ts';

/** Tokens of where code and packages are kept, and of what builds and plans them. */
export const codeKeys: readonly Shape[] = [
  prefixed('github', tokenOf('GitHub'), ['ghp_', 'gho_', 'ghu_', 'ghr_'], ['alnum', 8, 36]),
  // Installation tokens are web tokens behind the prefix since 2026.
  prefixed('githubInstallation', (l10n) => l10n.t('GitHub installation token'), ['ghs_'], ['dotted', 8, 36]),
  prefixed(
    'githubFineGrained',
    (l10n) => l10n.t('GitHub fine-grained token'),
    ['github_pat_'],
    ['base64url', 8, 60],
  ),
  prefixed(
    'gitlab',
    tokenOf('GitLab'),
    [
      ...['glpat-', 'gldt-', 'glptt-', 'glrt-', 'glrtr-', 'glsoat-', 'glcbt-', 'glft-', 'glimt-', 'glagent-'],
      ...['gloas-', 'glffct-', 'glwt-', 'GR1348941'],
    ],
    ['dotted', 8, 20],
    'random',
  ),
  prefixed('npm', tokenOf('npm'), ['npm_'], ['alnum', 20, 36], 'random'),
  prefixed('pypi', tokenOf('PyPI'), ['pypi-'], ['base64url', 24, 60], 'random'),
  prefixed('rubygems', keyOf('RubyGems'), ['rubygems_'], ['hex', 12, 48]),
  prefixed('docker', tokenOf('Docker'), ['dckr_pat_', 'dckr_oat_'], ['base64url', 12, 24], 'random'),
  prefixed('atlassian', tokenOf('Atlassian'), ['ATATT3', 'ATCTT3', 'ATSTT3'], ['base64', 16, 100]),
  prefixed('bitbucket', (l10n) => l10n.t('Bitbucket app password'), ['ATBB'], ['base64', 24, 32], 'random'),
  prefixed('vercel', tokenOf('Vercel'), ['vcp_', 'vci_', 'vca_', 'vcr_'], ['alnum', 16, 24], 'random'),
  {
    form: 'named',
    kind: 'vercelNamed',
    label: (l10n) => l10n.t('Vercel access token'),
    precision: 'named',
    names: ['vercel token', 'vercel api token', 'vercel access token'],
    chars: 'alnum',
    full: 24,
    max: 24,
  },
  {
    form: 'named',
    kind: 'atlassianNamed',
    label: tokenOf('Atlassian'),
    precision: 'named',
    names: [
      ...['jira token', 'jira api token', 'confluence token', 'confluence api token'],
      ...['atlassian token', 'atlassian api token'],
    ],
    chars: 'alnum',
    full: 24,
    max: 24,
  },
  prefixed('postman', keyOf('Postman'), ['PMAK-', 'PMAT-'], ['base64url', 16, 26], 'random'),
];
