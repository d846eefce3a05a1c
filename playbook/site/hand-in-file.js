// The file that "Hand in" makes: a zip of notebooks and hand-in.json, with a short code computed from what is in it.
// The same form as playbook/exercises/handing_in.py makes and playbook/submissions reads.
//
// A digest of our own, because the browser's is there only where a page comes over https.
(() => {
  "use strict";
  const DIGITS = "23456789";
  const LETTERS = "CDFHJKMNPQRTVWX";
  const bytesOf = (text) => new TextEncoder().encode(text);

  function primes(count) {
    const found = [];
    for (let one = 2; found.length < count; one++) {
      if (found.every((prime) => one % prime)) {
        found.push(one);
      }
    }
    return found;
  }

  // The first 32 bits of what stands behind the point of a number's root.
  const behindPoint = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32);
  const ROUND = primes(64).map((prime) => behindPoint(Math.cbrt(prime)));
  const START = primes(8).map((prime) => behindPoint(Math.sqrt(prime)));

  function sha256(data) {
    const size = (Math.floor((data.length + 8) / 64) + 1) * 64;
    const padded = new Uint8Array(size);
    padded.set(data);
    padded[data.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(size - 8, Math.floor(data.length / 2 ** 29));
    view.setUint32(size - 4, (data.length * 8) >>> 0);
    const turn = (value, by) => (value >>> by) | (value << (32 - by));
    const state = Uint32Array.from(START);
    const w = new Uint32Array(64);
    for (let block = 0; block < size; block += 64) {
      for (let t = 0; t < 16; t++) {
        w[t] = view.getUint32(block + 4 * t);
      }
      for (let t = 16; t < 64; t++) {
        const early = turn(w[t - 15], 7) ^ turn(w[t - 15], 18) ^ (w[t - 15] >>> 3);
        const late = turn(w[t - 2], 17) ^ turn(w[t - 2], 19) ^ (w[t - 2] >>> 10);
        w[t] = w[t - 16] + early + w[t - 7] + late;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let t = 0; t < 64; t++) {
        const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[t] + w[t];
        const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((value, place) => {
        state[place] += value;
      });
    }
    return Uint8Array.from({ length: 32 }, (_, place) => state[place >> 2] >>> (24 - 8 * (place & 3)));
  }

  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  function codeOf(receipt) {
    const chapters = [...receipt.chapters].sort((one, other) => (one.exercise < other.exercise ? -1 : 1));
    const lines = [
      "playbook-hand-in-1",
      receipt.trainee,
      receipt.case,
      receipt.made,
      ...chapters.map((one) => `${one.exercise} ${one.sha256} ${one.points} ${one.max_points}`),
    ];
    const digest = sha256(bytesOf(lines.join("\n")));
    const sign = (place) => (place % 4 ? LETTERS[digest[place] % LETTERS.length] : DIGITS[digest[place] % 8]);
    const signs = Array.from({ length: 8 }, (_, place) => sign(place)).join("");
    return `${signs.slice(0, 4)}-${signs.slice(4)}`;
  }

  const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return value;
  });

  function crc32(data) {
    let value = 0xffffffff;
    for (const byte of data) {
      value = CRC[(value ^ byte) & 0xff] ^ (value >>> 8);
    }
    return (value ^ 0xffffffff) >>> 0;
  }

  // Smaller where the browser can; as it is elsewhere.
  async function packed(data) {
    try {
      const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("deflate-raw"));
      return { method: 8, content: new Uint8Array(await new Response(stream).arrayBuffer()) };
    } catch {
      return { method: 0, content: data };
    }
  }

  // files: [[name, bytes], ...]; moment: when they were made.
  async function zip(files, moment) {
    const parts = [];
    const directory = [];
    let offset = 0;
    const time = (moment.getHours() << 11) | (moment.getMinutes() << 5) | (moment.getSeconds() >> 1);
    const day = ((moment.getFullYear() - 1980) << 9) | ((moment.getMonth() + 1) << 5) | moment.getDate();
    for (const [name, data] of files) {
      const { method, content } = await packed(data);
      const called = bytesOf(name);
      const extra = new DataView(new ArrayBuffer(9)); // the moment, whatever the zone
      extra.setUint16(0, 0x5455, true);
      extra.setUint16(2, 5, true);
      extra.setUint8(4, 1);
      extra.setInt32(5, Math.floor(moment / 1000), true);
      const facts = [
        [2, 20], // version needed
        [2, 0x0800], // names are UTF-8
        [2, method],
        [2, time],
        [2, day],
        [4, crc32(data)],
        [4, content.length],
        [4, data.length],
        [2, called.length],
        [2, extra.byteLength],
      ];
      const about = [called, new Uint8Array(extra.buffer)];
      const head = record(0x04034b50, facts);
      const rest = [[2, 0], [2, 0], [2, 0], [4, 0], [4, offset]];
      directory.push(record(0x02014b50, [[2, 20], ...facts, ...rest]), ...about);
      parts.push(head, ...about, content);
      offset += head.length + called.length + extra.byteLength + content.length;
    }
    const size = directory.reduce((sum, part) => sum + part.length, 0);
    const count = files.length;
    const end = record(0x06054b50, [[2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]]);
    return new Blob([...parts, ...directory, end], { type: "application/zip" });
  }

  function record(signature, fields) {
    const view = new DataView(new ArrayBuffer(4 + fields.reduce((sum, [bytes]) => sum + bytes, 0)));
    view.setUint32(0, signature, true);
    let place = 4;
    for (const [bytes, value] of fields) {
      bytes === 2 ? view.setUint16(place, value, true) : view.setUint32(place, value, true);
      place += bytes;
    }
    return new Uint8Array(view.buffer);
  }

  // A moment as ISO 8601 on this computer's clock, with its offset.
  function onClock(moment) {
    const ahead = -moment.getTimezoneOffset();
    const two = (value) => String(Math.floor(Math.abs(value))).padStart(2, "0");
    const local = new Date(moment.getTime() + ahead * 60000).toISOString().slice(0, 19);
    return `${local}${ahead < 0 ? "-" : "+"}${two(ahead / 60)}:${two(ahead % 60)}`;
  }

  const nameOf = (trainee) => trainee.normalize("NFC").trim().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-").slice(0, 40);

  // chapters: [{exercise, title, text, points, max_points, ...}]; resolves to {receipt, blob}.
  async function make({ trainee, city, cityName, chapters }) {
    const moment = new Date();
    const files = chapters.map(({ exercise, text }) => [`${exercise}.ipynb`, bytesOf(text)]);
    const receipt = {
      version: 1,
      trainee,
      case: city,
      city: cityName,
      made: onClock(moment),
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
      code: "",
      chapters: chapters.map(({ text, ...about }, place) => ({
        ...about,
        file: files[place][0],
        sha256: hex(sha256(files[place][1])),
      })),
    };
    receipt.code = codeOf(receipt);
    receipt.file = `hand-in_${nameOf(trainee)}_${receipt.code}.zip`;
    const about = bytesOf(JSON.stringify(receipt, null, 1));
    return { receipt, blob: await zip([["hand-in.json", about], ...files], moment) };
  }

  window.playbookHandInFile = { make, codeOf, sha256: (text) => hex(sha256(bytesOf(text))) };
})();
