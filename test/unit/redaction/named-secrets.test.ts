import assert from 'node:assert/strict';
import { createRedactor } from '../../../src/redaction/redact.ts';

const redactor = createRedactor();

/** `S` stands for a secret without a shape; the second text is what may be left. */
const cases: readonly (readonly [text: string, clean: string])[] = [
  ['const apiKey: string = "S"', 'const apiKey: string = "***"'],
  [
    'private readonly apiKey?: string | undefined = `S`;',
    'private readonly apiKey?: string | undefined = `***`;',
  ],
  ['let api_key: Option<&str> = "S";', 'let api_key: Option<&str> = "***";'],
  ['val password: String = "S"', 'val password: String = "***"'],
  ['api_key: Optional[str] = "S"', 'api_key: Optional[str] = "***"'],
  ['apiKey:string="S"', 'apiKey:string="***"'],
  ['char password[32] = "S";', 'char password[32] = "***";'],
  [':api_key => "S"', ':api_key => "***"'],
  ["['api_key' => 'S', 'model' => 'm']", "['api_key' => '***', 'model' => 'm']"],
  ['"password" -> "S"', '"password" -> "***"'],
  ['apiKey := "S"', 'apiKey := "***"'],
  ['password === "S"', 'password === "***"'],
  ['if (password == "S") {', 'if (password == "***") {'],
  ['if (password !== "S") {', 'if (password !== "***") {'],
  ['secretKey ??= "S"', 'secretKey ??= "***"'],
  ['password=a,b;S', 'password=***'],
  ['password=a,b;S next', 'password=*** next'],
  ['Server=x;Password=a;S;Database=y', 'Server=x;Password=***;Database=y'],
  ['api_key=S, model=m', 'api_key=***, model=m'],
  ['{apiKey: S, model: m}', '{apiKey: ***, model: m}'],
  ['"password": "four words of it"', '"password": "***"'],
  ['{"password":"a \\"quoted\\" word","model":"m"}', '{"password":"***","model":"m"}'],
  [
    String.raw`{\"password\": \"two words\", \"model\": \"m\"}`,
    String.raw`{\"password\": \"***\", \"model\": \"m\"}`,
  ],
  [String.raw`{\\\"password\\\":\\\"two words\\\"}`, String.raw`{\\\"password\\\":\\\"***\\\"}`],
  ["password: 'it''s S", "password: '***"],
  ['password = """two\nlines"""', 'password = """***"""'],
  ['api_key=\nNEXT=1', 'api_key=\nNEXT=1'],
  ['{"password":null,"api_key":true}', '{"password":null,"api_key":true}'],
  ['password: |\n  S\nnext: 1', 'password: |\n  ***\nnext: 1'],
  ['password:\n  "S"', 'password:\n  "***"'],
  ['key = process.env.API_KEY || "S"', 'key = process.env.API_KEY || "***"'],
  ['run ${API_KEY:-S}', 'run ${API_KEY:-***}'],
  ['apiKey = process.env.X || "S";', 'apiKey = ***;'],
  ['apiKey = SecretStr("two words")', 'apiKey = ***")'],
  ['client.setPassword("S")', 'client.setPassword("***")'],
  ['os.environ["OPENAI_API_KEY"] = "S"', 'os.environ["OPENAI_API_KEY"] = "***"'],
  ['run --api-key S --model m', 'run --api-key *** --model m'],
  ['run --password=S', 'run --password=***'],
  ['<password>S</password>', '<password>***</password>'],
  ['<add key="ApiKey" value="S" />', '<add key="ApiKey" value="***" />'],
  ['{"name":"x-api-key","value":"S"}', '{"name":"x-api-key","value":"***"}'],
  ['- name: API_KEY\n  value: S\n', '- name: API_KEY\n  value: ***\n'],
  ['//registry.npmjs.org/:_authToken=S', '//registry.npmjs.org/:_authToken=***'],
  ['LLM_SECRET_KEY=S', 'LLM_SECRET_KEY=***'],
  ['LLM_PREVIOUS_KEYS=S,S2', 'LLM_PREVIOUS_KEYS=***'],
  ['PRIVATE-TOKEN: S', 'PRIVATE-TOKEN: ***'],
  ['api_key%3DS%26model%3Dm x', 'api_key%3D*** x'],
  ['Cookie: a="S"', 'Cookie: ***'],
  ['Cookie: a="S"; b=c\nHost: x', 'Cookie: ***\nHost: x'],
  ['{"cookie":"a=\\"S\\"; b","model":"m"}', '{"cookie":"***","model":"m"}'],
  ["curl -H 'Cookie: a=S' https://host.example/", "curl -H 'Cookie: ***' https://host.example/"],
  ['Authorization: Custom key="S"', 'Authorization: ***'],
  ['Authorization: Custom key="S", other="two words"\r\nHost: x', 'Authorization: ***\r\nHost: x'],
  ['Authorization: Bearer S status=401 model=m', 'Authorization: Bearer *** status=401 model=m'],
  ['authorization: Basic S, model=m', 'authorization: Basic ***, model=m'],
  ['{"authorization": "Bearer S","model":"m"}', '{"authorization": "Bearer ***","model":"m"}'],
  ['{"authorization": "S","model":"m"}', '{"authorization": "***","model":"m"}'],
  ['-H "Authorization: Bearer S" -d x', '-H "Authorization: Bearer ***" -d x'],
  [
    String.raw`{"head":"GET /\r\nAuthorization: Custom S\r\nHost: x","model":"m"}`,
    String.raw`{"head":"GET /\r\nAuthorization: ***\r\nHost: x","model":"m"}`,
  ],
  ["[ 'Authorization', 'Bearer S', 'Host', 'x' ]", "[ 'Authorization', 'Bearer ***', 'Host', 'x' ]"],
  ['postgres://u:pa/ssS@h/x', 'postgres://***@h/x'],
  ['postgres://u:p@ss/S@h:5432/x failed', 'postgres://***@h:5432/x failed'],
  ['https://u:pa/S@host.example/x', 'https://***@host.example/x'],
  ['redis://:S@host:6379/0', 'redis://***@host:6379/0'],
  ['https://host:8080/a@b/c', 'https://host:8080/a@b/c'],
  ['https://registry.npmjs.org/@types/node', 'https://registry.npmjs.org/@types/node'],
  ['https://u:S@host/@scope/pkg', 'https://***@host/@scope/pkg'],
  ['https://host.example/v1?api_key=S&alt=sse', 'https://host.example/v1?api_key=***&alt=sse'],
  ['https://host.example/v1?alt=sse&amp;token=S#top', 'https://host.example/v1?alt=sse&amp;token=***#top'],
  ['PWD=/home/user', 'PWD=/home/user'],
];

describe('the places where secrets are kept', () => {
  const secret = 'qzjx7w0vvkk';
  for (const [text, clean] of cases) {
    it(`are blanked, and nothing else is: ${text}`, () => {
      // An S by itself; not that of a name.
      const withSecret = text.replaceAll(/(?<![A-Za-z0-9_])S(?![A-Za-z_])|(?<=ss)S/g, secret);
      const expected = clean.replaceAll(/(?<![A-Za-z0-9_])S(?![A-Za-z_])/g, secret);
      assert.equal(redactor.redact(withSecret), expected);
    });
  }

  it('leave JSON as JSON', () => {
    const texts = [
      { authorization: 'Bearer S', model: 'm' },
      { headers: [['cookie', 'a="S"; b=c']], 'set-cookie': 'a=S; path=/' },
      { password: 'four "words" of\nit', api_key: null, secret: '' },
      { text: JSON.stringify({ authorization: 'Custom key="S"', password: 'a "b" c', model: 'm' }) },
      { request: 'GET / HTTP/1.1\r\nAuthorization: Bearer S\r\nCookie: a="S"\r\nHost: x' },
    ];
    for (const text of texts) {
      for (const json of [JSON.stringify(text), JSON.stringify(text, undefined, 2)]) {
        const clean = redactor.redact(json);
        assert.doesNotThrow(() => void JSON.parse(clean), clean);
      }
    }
  });
});
