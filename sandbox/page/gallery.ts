export async function readGallery(): Promise<string> {
  return '[]';
}
