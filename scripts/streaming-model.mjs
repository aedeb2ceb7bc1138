// The model of Transcribe's streaming operations in botocore's form, from the schemas of AWS's client for JavaScript.
//
//   npm install @aws-sdk/client-transcribe-streaming     (in any folder)
//   node scripts/streaming-model.mjs FOLDER > src/honmono/wire/models/transcribestreaming/2017-10-26/service-2.json
//
// The schemas know neither lengths and patterns nor the paths of WebSockets: those are the developer guide's, below.
import fs from "node:fs";
import path from "node:path";
const folder = path.resolve(process.argv[2]);
const root = folder + "/node_modules/@aws-sdk/client-transcribe-streaming/";
import {createRequire} from "node:module";
const schemas = createRequire(folder + "/any.js")("@aws-sdk/client-transcribe-streaming");
const enumsText = fs.readFileSync(root + "dist-types/models/enums.d.ts", "utf8");
const enums = {};
for (const m of enumsText.matchAll(/export declare const (\w+): \{([^}]*)\}/g))
  enums[m[1]] = [...m[2].matchAll(/: "([^"]*)"/g)].map((x) => x[1]);
const modelsText = fs.readFileSync(root + "dist-types/models/models_0.d.ts", "utf8");
const types = {};
for (const m of modelsText.matchAll(/export interface (\w+)[^{]*\{([\s\S]*?)\n\}/g)) {
  types[m[1]] = {};
  for (const p of m[2].matchAll(/^\s{4}(\w+)\??: ([^;]+);/gm)) types[m[1]][p[1]] = p[2].replace(" | undefined", "");
}
const DOUBLE = /^(StartTime|EndTime|Confidence|Score|BeginAudioTime|EndAudioTime)$/;
const LONG = /Millis$/;
const shapes = {};
function deref(s) { return typeof s === "function" ? s() : s; }
function refOf(schema, traits, owner, name) {
  schema = deref(schema);
  let ref;
  if (Array.isArray(schema) && schema.length && (schema[0] === 1 || schema[0] === 2 || schema[0] === 3 || schema[0] === 4 || schema[0] === -3)) ref = { shape: visit(schema) };
  else if (Array.isArray(schema) && schema[0] === 0) { shapes[schema[2]] = shapes[schema[2]] ?? { type: {0:"string",1:"integer",2:"boolean",21:"blob"}[schema[4]] }; ref = { shape: schema[2] }; }
  else if (typeof schema === "number" && schema >= 64 && schema < 128) {
    const t = (types[owner] || {})[name] || ""; const inner = (t.match(/(\w+)\[\]/) || [])[1];
    const el = enums[inner] ? enumShape(inner) : base(schema - 64, name);
    const key = el + "List"; shapes[key] = { type: "list", member: { shape: el } }; ref = { shape: key };
  } else if (schema === 128) {
    base(0, "x"); shapes.StringMap = { type: "map", key: { shape: "String" }, value: { shape: "String" } }; ref = { shape: "StringMap" };
  } else {
    const t = (types[owner] || {})[name] || "";
    ref = { shape: enums[t] ? enumShape(t) : base(schema, name) };
  }
  return ref;
}
function enumShape(n) { shapes[n] = { type: "string", enum: enums[n] }; return n; }
function base(code, name) {
  const k = code === 0 ? "String" : code === 1 ? (DOUBLE.test(name) ? "Double" : LONG.test(name) ? "Long" : "Integer") : code === 2 ? "Boolean" : code === 21 ? "Blob" : code === 4 || code === 5 || code === 7 ? "Timestamp" : null;
  if (!k) throw new Error("code " + code + " of " + name);
  shapes[k] = { type: k.toLowerCase() };
  return k;
}
function visit(s) {
  const [kind, , name, traits] = s;
  if (shapes[name]) return name;
  if (kind === 1) { shapes[name] = { type: "list" }; shapes[name].member = refOf(s[4], 0, name, "member"); return name; }
  if (kind === 2) { shapes[name] = { type: "map" }; shapes[name].key = refOf(s[4], 0, name, "key"); shapes[name].value = refOf(s[5], 0, name, "value"); return name; }
  const out = (shapes[name] = { type: "structure" });
  const members = {};
  const tr = typeof traits === "object" ? traits : {};
  if (tr.streaming) out.eventstream = true;
  s[4].forEach((m, i) => {
    let [sch, mt] = Array.isArray(s[5][i]) && s[5][i].length === 2 && !(typeof s[5][i][0] === "number" && s[5][i].length > 2) ? s[5][i] : [s[5][i], 0];
    const ref = refOf(sch, mt, name, m);
    if (typeof mt === "object") {
      if (mt.httpHeader) { ref.location = "header"; ref.locationName = mt.httpHeader; }
      if (mt.httpLabel) { ref.location = "uri"; ref.locationName = m; }
      if (mt.eventPayload) ref.eventpayload = true;
      if (mt.eventHeader) ref.eventheader = true;
    } else if (mt & 16) out.payload = m;
    if (!(typeof mt === "object") && mt & 1) { ref.location = "uri"; ref.locationName = m; }
    members[m] = ref;
  });
  out.members = members;
  const req = kind === 4 ? 0 : s[6] || 0;
  if (req) out.required = s[4].slice(0, req);
  if (kind === -3) { out.exception = true; if (tr.httpError) out.error = { httpStatusCode: tr.httpError }; if ((tr.httpError || 0) >= 500) out.fault = true; }
  return name;
}
const operations = {};
for (const [k, s] of Object.entries(schemas)) if (Array.isArray(s) && s[0] === 9) {
  const http = s[3].http;
  const op = { name: s[2], http: { method: http[0], requestUri: http[1] }, input: { shape: visit(deref(s[4])) }, output: { shape: visit(deref(s[5])) } };
  if (http[2] && http[2] !== 200) op.http.responseCode = http[2];
  operations[s[2]] = op;
}
for (const [k, s] of Object.entries(schemas)) if (Array.isArray(s) && s[0] === -3 && !/Service(Exception)?Exception/.test(s[2] + "x")) visit(s);

const websockets = {
  StartStreamTranscription: "/stream-transcription-websocket",
  StartCallAnalyticsStreamTranscription: "/call-analytics-stream-transcription-websocket",
  StartMedicalStreamTranscription: "/medical-stream-transcription-websocket",
  StartMedicalScribeStream: "/medical-scribe-stream-websocket",
};
const common = ["BadRequestException", "LimitExceededException", "InternalFailureException", "ConflictException", "ServiceUnavailableException"];
const reading = ["BadRequestException", "LimitExceededException", "InternalFailureException", "ResourceNotFoundException"];
for (const [name, operation] of Object.entries(operations)) {
  operation.errors = (name.startsWith("Get") ? reading : common).map((shape) => ({ shape }));
  if (websockets[name]) operation.websocket = { requestUri: websockets[name], headerPrefix: "x-amzn-transcribe-" };
}
Object.assign(shapes, {
  SampleRate: { type: "integer", min: 8000, max: 48000 },
  NumberOfChannels: { type: "integer", min: 2 },
  SessionId: { type: "string", min: 36, max: 36, pattern: "[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}" },
  Name: { type: "string", min: 1, max: 200, pattern: "^[0-9a-zA-Z._-]+" },
  Names: { type: "string", min: 1, max: 3000, pattern: "^[a-zA-Z0-9,-._]+" },
  PiiEntityTypes: { type: "string", min: 1, max: 300, pattern: "^[A-Z_, ]+" },
  LanguageOptions: { type: "string", min: 1, max: 200, pattern: "^[a-zA-Z-,]+" },
  SessionResumeWindow: { type: "integer", min: 1, max: 300 },
});
const constrained = {
  MediaSampleRateHertz: "SampleRate", NumberOfChannels: "NumberOfChannels", SessionId: "SessionId",
  VocabularyName: "Name", VocabularyFilterName: "Name", LanguageModelName: "Name",
  VocabularyNames: "Names", VocabularyFilterNames: "Names", PiiEntityTypes: "PiiEntityTypes",
  LanguageOptions: "LanguageOptions", SessionResumeWindow: "SessionResumeWindow",
};
for (const [name, shape] of Object.entries(shapes)) {
  if (/^Start.*Request$/.test(name))
    for (const [member, ref] of Object.entries(shape.members)) ref.shape = constrained[member] ?? ref.shape;
  if (shape.eventstream)
    for (const ref of Object.values(shape.members)) if (!shapes[ref.shape].exception) shapes[ref.shape].event = true;
}
const sorted = (table) => Object.fromEntries(Object.keys(table).sort().map((name) => [name, table[name]]));
const metadata = {
  apiVersion: "2017-10-26", endpointPrefix: "transcribestreaming", protocol: "rest-json", protocols: ["rest-json"],
  serviceFullName: "Amazon Transcribe Streaming Service", serviceId: "Transcribe Streaming", signatureVersion: "v4",
  signingName: "transcribe", uid: "transcribe-streaming-2017-10-26",
};
console.log(JSON.stringify({ version: "2.0", metadata, operations: sorted(operations), shapes: sorted(shapes) }, null, 1));
