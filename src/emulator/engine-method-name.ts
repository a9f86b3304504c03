/** Methods of scripts whose data lies outside of their VM, under the names that faults know them by. */
export const ENGINE_METHOD_NAMES = [
  'MemoryStoreSortedMap:GetAsync',
  'MemoryStoreSortedMap:SetAsync',
  'MemoryStoreSortedMap:UpdateAsync',
  'MemoryStoreSortedMap:RemoveAsync',
  'MemoryStoreSortedMap:GetRangeAsync',
  'MemoryStoreSortedMap:GetSizeAsync',
  'MemoryStoreQueue:AddAsync',
  'MemoryStoreQueue:ReadAsync',
  'MemoryStoreQueue:RemoveAsync',
  'MemoryStoreQueue:GetSizeAsync',
  'GlobalDataStore:GetAsync',
  'GlobalDataStore:SetAsync',
  'GlobalDataStore:UpdateAsync',
  'GlobalDataStore:IncrementAsync',
  'GlobalDataStore:RemoveAsync',
  'DataStore:ListKeysAsync',
  'MessagingService:PublishAsync',
  'MessagingService:SubscribeAsync',
] as const;

export type EngineMethodName = (typeof ENGINE_METHOD_NAMES)[number];
