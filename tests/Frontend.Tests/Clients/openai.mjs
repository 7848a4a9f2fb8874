// What the unmodified openai package makes of a server: prints findings as one JSON object.
// Arguments: the server's address, "mp3" where it can make that, a voice, and a recording to make another from.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import OpenAI, { toFile } from 'openai';

const client = new OpenAI({ baseURL: `${process.argv[2]}v1`, apiKey: 'none', maxRetries: 0 });
const mp3 = process.argv[3] === 'mp3';
const voice = process.argv[4] ?? 'ben';
const recording = process.argv[5] ? readFileSync(process.argv[5]) : Buffer.from('a recording');
const ask = { model: 'tts-1', voice, input: 'One two three.', seed: 4 };
const found = {};
const digest = createHash('sha256');

if (mp3) {
  const sound = Buffer.from(await (await client.audio.speech.create(ask)).arrayBuffer());
  found.mp3 = sound.subarray(0, 3).toString('latin1') === 'ID3' || sound[0] === 0xff;
}

const wav = Buffer.from(await (await client.audio.speech.create({ ...ask, response_format: 'wav' })).arrayBuffer());
found.wav = wav.subarray(0, 4).toString('latin1');
digest.update(wav);

let bytes = 0;
let pieces = 0;
for await (const piece of (await client.audio.speech.create({ ...ask, response_format: 'pcm', voice: { id: voice } })).body) {
  digest.update(piece);
  bytes += piece.length;
  pieces++;
}
found.pcm = bytes;
found.pieces = pieces;

const events = (await (await client.audio.speech.create({ ...ask, response_format: 'pcm', stream_format: 'sse' })).text())
  .split('\n\n').filter(Boolean).map(event => JSON.parse(event.replace(/^data: /, '')));
const sse = Buffer.concat(events.filter(event => event.type === 'speech.audio.delta').map(event => Buffer.from(event.audio, 'base64')));
found.sse = sse.length;
found.sound = digest.update(sse).digest('hex');
found.done = events.at(-1);

try {
  await client.audio.speech.create({ ...ask, voice: 'nobody', response_format: 'pcm' });
} catch (error) {
  found.error = { kind: error.constructor.name, status: error.status, code: error.code, type: error.type, message: error.message };
}

found.models = (await client.models.list()).data.map(model => model.id);
const form = new FormData();
form.set('name', 'Ann');
form.set('consent', 'cons_1');
form.set('audio_sample', await toFile(recording, 'ann.wav'));
found.created = await client.post('/audio/voices', { body: form });
found.voices = (await client.get('/audio/voices')).voices.map(voice => voice.id);
console.log(JSON.stringify(found));
