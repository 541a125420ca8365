/*
 * scrypt (RFC 7914) on WebCrypto's PBKDF2, which browsers have, and ROMix, which they have not. It
 * takes N * r * 128 bytes of memory, and every few milliseconds it lets the page breathe.
 */
const scrypt = (function () {
  "use strict";

  const SLICE = 24; // ms between two breaths

  async function pbkdf2(password, salt, bytes) {
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: salt, iterations: 1 };
    return new Uint8Array(await crypto.subtle.deriveBits(how, key, 8 * bytes));
  }

  /* Lets the browser draw and listen; unlike a timer it is not slowed down in a hidden tab. */
  function breath() {
    return new Promise(function (resolve) {
      const channel = new MessageChannel();
      channel.port1.onmessage = function () {
        channel.port1.close();
        resolve();
      };
      channel.port2.postMessage(null);
    });
  }

  /* Salsa20/8 of `x` XOR the 16 words of `b` from `at` on; what comes of it is in `x`. */
  function salsa(x, b, at) {
    for (let i = 0; i < 16; i += 1) {
      x[i] ^= b[at + i];
    }
    let a0 = x[0], a1 = x[1], a2 = x[2], a3 = x[3], a4 = x[4], a5 = x[5], a6 = x[6], a7 = x[7];
    let a8 = x[8], a9 = x[9], a10 = x[10], a11 = x[11], a12 = x[12], a13 = x[13], a14 = x[14];
    let a15 = x[15];
    let t = 0;
    for (let round = 0; round < 4; round += 1) {
      t = a0 + a12 | 0; a4 ^= t << 7 | t >>> 25; t = a4 + a0 | 0; a8 ^= t << 9 | t >>> 23;
      t = a8 + a4 | 0; a12 ^= t << 13 | t >>> 19; t = a12 + a8 | 0; a0 ^= t << 18 | t >>> 14;
      t = a5 + a1 | 0; a9 ^= t << 7 | t >>> 25; t = a9 + a5 | 0; a13 ^= t << 9 | t >>> 23;
      t = a13 + a9 | 0; a1 ^= t << 13 | t >>> 19; t = a1 + a13 | 0; a5 ^= t << 18 | t >>> 14;
      t = a10 + a6 | 0; a14 ^= t << 7 | t >>> 25; t = a14 + a10 | 0; a2 ^= t << 9 | t >>> 23;
      t = a2 + a14 | 0; a6 ^= t << 13 | t >>> 19; t = a6 + a2 | 0; a10 ^= t << 18 | t >>> 14;
      t = a15 + a11 | 0; a3 ^= t << 7 | t >>> 25; t = a3 + a15 | 0; a7 ^= t << 9 | t >>> 23;
      t = a7 + a3 | 0; a11 ^= t << 13 | t >>> 19; t = a11 + a7 | 0; a15 ^= t << 18 | t >>> 14;
      t = a0 + a3 | 0; a1 ^= t << 7 | t >>> 25; t = a1 + a0 | 0; a2 ^= t << 9 | t >>> 23;
      t = a2 + a1 | 0; a3 ^= t << 13 | t >>> 19; t = a3 + a2 | 0; a0 ^= t << 18 | t >>> 14;
      t = a5 + a4 | 0; a6 ^= t << 7 | t >>> 25; t = a6 + a5 | 0; a7 ^= t << 9 | t >>> 23;
      t = a7 + a6 | 0; a4 ^= t << 13 | t >>> 19; t = a4 + a7 | 0; a5 ^= t << 18 | t >>> 14;
      t = a10 + a9 | 0; a11 ^= t << 7 | t >>> 25; t = a11 + a10 | 0; a8 ^= t << 9 | t >>> 23;
      t = a8 + a11 | 0; a9 ^= t << 13 | t >>> 19; t = a9 + a8 | 0; a10 ^= t << 18 | t >>> 14;
      t = a15 + a14 | 0; a12 ^= t << 7 | t >>> 25; t = a12 + a15 | 0; a13 ^= t << 9 | t >>> 23;
      t = a13 + a12 | 0; a14 ^= t << 13 | t >>> 19; t = a14 + a13 | 0; a15 ^= t << 18 | t >>> 14;
    }
    x[0] += a0; x[1] += a1; x[2] += a2; x[3] += a3; x[4] += a4; x[5] += a5; x[6] += a6; x[7] += a7;
    x[8] += a8; x[9] += a9; x[10] += a10; x[11] += a11; x[12] += a12; x[13] += a13; x[14] += a14;
    x[15] += a15;
  }

  /* BlockMix of `b`, 2 * r blocks of 16 words; `y` is as large, `x` one block. */
  function mix(b, y, x, r) {
    x.set(b.subarray(b.length - 16));
    for (let i = 0; i < 2 * r; i += 1) {
      salsa(x, b, 16 * i);
      y.set(x, 16 * ((i >> 1) + (i & 1) * r)); // even blocks first, then the odd ones
    }
    b.set(y);
  }

  /* ROMix of `b` in place; machines with a browser write their words with the low byte first. */
  async function romix(b, N, r, told) {
    const v = new Uint32Array(N * b.length);
    const y = new Uint32Array(b.length);
    const x = new Uint32Array(16);
    let since = performance.now();
    for (let step = 0; step < 2 * N; step += 1) {
      if (step < N) {
        v.set(b, step * b.length);
      } else {
        const at = (b[b.length - 16] & (N - 1)) * b.length;
        for (let i = 0; i < b.length; i += 1) {
          b[i] ^= v[at + i];
        }
      }
      mix(b, y, x, r);
      if (step % 64 === 0 && performance.now() - since > SLICE) {
        told(step / (2 * N));
        await breath();
        since = performance.now();
      }
    }
  }

  /*
   * `bytes` bytes from `password` and `salt` (both Uint8Array). `N`, a power of 2, `r` and `p` are
   * those of the RFC; `told` hears from 0 to 1 how far it is.
   */
  return async function (password, salt, N, r, p, bytes, told) {
    const b = await pbkdf2(password, salt, 128 * r * p);
    for (let i = 0; i < p; i += 1) {
      await romix(new Uint32Array(b.buffer, 128 * r * i, 32 * r), N, r, function (part) {
        told((i + part) / p);
      });
    }
    return pbkdf2(password, b, bytes);
  };
})();
