/** Models that answer no prompts, by the words in which makers name them: embeddings, rankings, images, speech, and so on. */
const others = [
  /embed|rerank|moderation|whisper|transcri|dall-?e|imagen|imagine|stable-?diffusion|sdxl|midjourney|-ocr\b/,
  /text-to-|text-similarity|text-search|mpnet|paraphrase|retriev|colbert|siglip|content-safety|nemoguard|reward/,
  /(?:^|[-_/])(?:bge|e5|gte|minilm|m3e|clip|nvclip|voyage|splade|all-distilroberta|aqa)(?:[-_.:]|\d|$)/,
  /(?:^|[-_/])(?:flux|veo|sora|lyria|kolors|wan|wanx|kling|vidu|hailuo|seedream|seedance|recraft|ideogram|sd3|cogview)(?:[-_.:]|\d|$)/,
  /(?:^|[-_/])(?:tts|stt|asr|orpheus|kokoro|parakeet|cosyvoice|sensevoice|paraformer|music|bark)(?:[-_.:]|\d|$)/,
  /(?:^|[-_/])(?:image|video)(?:[-_.:]|\d|$)|cogvideo|hunyuan-?video|realtime|speech|-audio|native-audio/,
  /(?:llama|prompt)-?guard|shieldgemma|granite-guardian|(?:^|\/)(?:babbage|davinci|text-davinci)|turbo-instruct/,
];

/** Whether a model's name says that it answers no prompts. What its server says comes first. */
export function soundsLikeNoChat(model: string): boolean {
  const name = model.toLowerCase();
  return others.some((words) => words.test(name));
}
