// What the unmodified ElevenLabs package, and a WebSocket of somebody else, make of a server: prints findings as one JSON object.
// Arguments: the server's address, and a voice.
import { createHash } from 'node:crypto';
import { ElevenLabsClient } from '@elevenlabs/elevenlabs-js';
import WebSocket from 'ws';

const client = new ElevenLabsClient({ baseUrl: process.argv[2].replace(/\/$/, ''), apiKey: 'none', maxRetries: 0 });
const voice = process.argv[3] ?? 'ben';
const found = {};
const digest = createHash('sha256');

const whole = async stream => {
  let bytes = 0;
  for await (const piece of stream) {
    digest.update(piece);
    bytes += piece.length;
  }
  return bytes;
};
const ask = { text: 'One two three.', modelId: 'eleven_multilingual_v2', outputFormat: 'pcm_24000', seed: 4, voiceSettings: { stability: 0.5, speed: 1.0 } };
found.convert = await whole(await client.textToSpeech.convert(voice, ask));
found.stream = await whole(await client.textToSpeech.stream(voice, ask));
try {
  await whole(await client.textToSpeech.convert('nobody', ask));
} catch (error) {
  found.error = { status: error.statusCode, detail: error.body?.detail };
}

found.socket = await new Promise((resolve, reject) => {
  const socket = new WebSocket(`${process.argv[2].replace('http', 'ws')}v1/text-to-speech/${voice}/stream-input?model_id=eleven_flash_v2_5&output_format=pcm_24000&seed=4`);
  let bytes = 0;
  let final = false;
  socket.on('open', () => {
    socket.send(JSON.stringify({ text: ' ', voice_settings: { stability: 0.5 }, generation_config: { chunk_length_schedule: [120, 160] }, xi_api_key: 'none' }));
    socket.send(JSON.stringify({ text: 'One two ', try_trigger_generation: true }));
    socket.send(JSON.stringify({ text: 'three. ', flush: true }));
    socket.send(JSON.stringify({ text: '' }));
  });
  socket.on('message', data => {
    const message = JSON.parse(data);
    const sound = Buffer.from(message.audio ?? '', 'base64');
    digest.update(sound);
    bytes += sound.length;
    final ||= message.isFinal === true;
  });
  socket.on('close', code => resolve({ bytes, final, code }));
  socket.on('error', reject);
});
found.sound = digest.digest('hex');
console.log(JSON.stringify(found));
