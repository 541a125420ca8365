/*
 * What is shared, sealed and opened in the browser alone: JSON, compressed, filled up so that its
 * length says little, under AES-256-GCM with a key that six words give through scrypt.
 *
 * The bytes: version 1, salt 16, nonce 12, then what AES made, with its tag. The first 29 are
 * authenticated too.
 */
const seal = (function () {
  "use strict";

  const VERSION = 1;
  const SALT = 16;
  const NONCE = 12;
  const HEAD = 1 + SALT + NONCE;
  const STEP = 256; // bytes that the plain text is filled up to a multiple of
  const COST = [1 << 15, 8, 1];

  /* Whether this browser has all that is needed. */
  function able() {
    try {
      return Boolean(new CompressionStream("deflate-raw") && crypto.subtle);
    } catch (unknown) {
      return false;
    }
  }

  /* `number` words drawn from `list`, each as likely as any other. */
  function draw(list, number) {
    const top = 65536 - (65536 % list.length);
    const drawn = new Uint16Array(1);
    const words = [];
    while (words.length < number) {
      crypto.getRandomValues(drawn);
      if (drawn[0] < top) {
        words.push(list[drawn[0] % list.length]);
      }
    }
    return words;
  }

  /* The words that somebody typed: small letters without accents, whatever stands between them. */
  function words(text) {
    const small = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    return small.replace(/œ/g, "oe").replace(/æ/g, "ae").match(/[a-z]+/g) || [];
  }

  async function through(bytes, stream) {
    const piped = new Blob([bytes]).stream().pipeThrough(stream);
    return new Uint8Array(await new Response(piped).arrayBuffer());
  }

  async function key(spoken, salt, told) {
    const password = new TextEncoder().encode(spoken.join(" "));
    const bytes = await scrypt(password, salt, ...COST, 32, told);
    return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  function how(head) {
    return { name: "AES-GCM", iv: head.subarray(1 + SALT), additionalData: head };
  }

  /* `value` as base64url that the words `spoken` open; `told` hears from 0 to 1 how far it is. */
  async function close(spoken, value, told) {
    const plain = new TextEncoder().encode(JSON.stringify(value));
    const small = await through(plain, new CompressionStream("deflate-raw"));
    const filled = new Uint8Array(Math.ceil((small.length + 2) / STEP) * STEP);
    filled.set([small.length >> 8, small.length & 255]);
    filled.set(small, 2);
    const head = crypto.getRandomValues(new Uint8Array(HEAD));
    head[0] = VERSION;
    const secret = await key(spoken, head.subarray(1, 1 + SALT), told);
    const sealed = new Uint8Array(await crypto.subtle.encrypt(how(head), secret, filled));
    const text = btoa(String.fromCharCode(...head, ...sealed));
    return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  }

  /*
   * The value in `text` (base64url), or null when other words closed it; throws when it is none
   * of ours.
   */
  async function open(spoken, text, told) {
    const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    const raw = Uint8Array.from(binary, function (one) { return one.charCodeAt(0); });
    const head = raw.subarray(0, HEAD);
    if (raw.length <= HEAD || head[0] !== VERSION) {
      throw new Error("not a version of ours");
    }
    const secret = await key(spoken, head.subarray(1, 1 + SALT), told);
    let filled = null;
    try {
      filled = await crypto.subtle.decrypt(how(head), secret, raw.subarray(HEAD));
    } catch (wrong) {
      return null;
    }
    const opened = new Uint8Array(filled);
    const small = opened.subarray(2, 2 + (opened[0] << 8) + opened[1]);
    const plain = await through(small, new DecompressionStream("deflate-raw"));
    return JSON.parse(new TextDecoder().decode(plain));
  }

  return { able: able, close: close, draw: draw, open: open, words: words };
})();
